"""What is asked: survey documents, their questions, ready templates, and how versions are published."""
