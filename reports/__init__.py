"""What is told to everyone: figures, published files and charts."""
