"""What people give: tips, from the amount to the thanks; gifts, from the till to whoever opens them."""
