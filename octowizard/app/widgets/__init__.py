"""The parts the screens are made of; each draws what it is given, and knows no vendor and no file."""
