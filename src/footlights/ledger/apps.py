from footlights.kernel.contexts import ContextConfig


class LedgerConfig(ContextConfig):
    name = "footlights.ledger"
