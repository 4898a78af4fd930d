"""How a room feels, read off what people write and how they react: together, never one by one."""
