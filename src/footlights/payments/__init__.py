"""Taking and returning money through gateways. Knows amounts and references, never what was bought."""
