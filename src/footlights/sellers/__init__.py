"""What tax offices ask of whoever earns here: asked for, reminded of, reported. Who people are, accounts keep."""
