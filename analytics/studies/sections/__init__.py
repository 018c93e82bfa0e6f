"""What a financial study tells beside its link, a module a section: its shape, its computing, its sentence."""
