"""What people give: a tip for a channel, from the choice of an amount to the thank-you."""
