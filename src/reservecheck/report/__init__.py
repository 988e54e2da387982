"""An assessment as text, markdown or JSON."""
