from footlights.kernel.contexts import ContextConfig


class AuditConfig(ContextConfig):
    name = "footlights.audit"
