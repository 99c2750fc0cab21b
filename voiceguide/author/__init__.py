"""What authors use beside the road: advice, house style, schema, reference, starters, reports and pictures."""
