"""From the price to the film: what one buys, the way to the payment page, and what became of it."""
