"""What lies on disk: the folder of a call, and its journal."""
