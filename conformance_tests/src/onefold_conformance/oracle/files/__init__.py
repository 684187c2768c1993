"""Reading and writing files, row by row."""
