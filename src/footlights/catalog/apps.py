from footlights.kernel.contexts import ContextConfig


class CatalogConfig(ContextConfig):
    name = "footlights.catalog"
