from footlights.kernel.contexts import ContextConfig


class SandboxGatewayConfig(ContextConfig):
    name = "footlights.payments.adapters.sandbox"
    label = "sandbox_gateway"
