"""What leaves a run: tables, workbook, frame, and the script that repeats it."""
