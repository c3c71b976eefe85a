"""What the notes of whole calls hold, judged by what a careful friend would have kept."""
