"""What the pictures share: sheets, captions, frames, files."""
