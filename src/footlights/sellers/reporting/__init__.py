"""The year's figures as tax offices read them. Pure: figures are given."""
