"""Who shares in what is earned with a title, a collection, a plan or an event: proposed, co-signed, never altered.

Says how an amount is divided; never books it: that is for whoever sells.
"""
