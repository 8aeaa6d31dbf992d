"""Pictures: tables in, pages out."""
