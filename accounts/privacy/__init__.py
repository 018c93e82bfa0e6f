"""Personal data: which fields hold it, who may see it, how one customer's is handed out and erased."""
