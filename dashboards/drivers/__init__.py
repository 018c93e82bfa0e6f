"""What goes with the overall answer: importance beside performance, from the studies' latest runs."""
