"""How the keys of broadcasts and of their senders are sealed anew."""

from footlights.kernel.reseal import reseal_column, reseals
from footlights.live.keys import content_context, stream_context


@reseals("keys of broadcasts")
def reseal_broadcasts() -> int:
    return reseal_column(table="live_broadcast", key="key_id", column="sealed_key", context=content_context)


@reseals("stream keys")
def reseal_stream_keys() -> int:
    return reseal_column(table="live_streamkey", key="channel_id", column="sealed_key", context=stream_context)
