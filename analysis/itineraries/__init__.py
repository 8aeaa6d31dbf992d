"""By which way one travels: legs of walking, waiting and riding."""
