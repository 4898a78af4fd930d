"""What the platform asks and allows, from when on: fees, price limits, refunds, payouts. Never applies them itself."""
