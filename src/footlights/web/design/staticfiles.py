"""Static files under names that hold their content's hash, once they are collected; under plain names before that."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class StaticStorage(ManifestStaticFilesStorage):
    """A missing file is still an error once there is a manifest; tests and development need no collecting."""

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else name
