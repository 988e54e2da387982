"""Customer inclusion proofs as other exchanges publish them: what they show, and what they do not prevent."""
