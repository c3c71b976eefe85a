"""The notes as files: a page, a record, subtitles, a calendar."""
