"""The members of a bundle, one module each: records to bytes and back."""
