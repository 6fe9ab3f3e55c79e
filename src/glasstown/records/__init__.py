"""Who writes down what people do, and what goes wrong in the writing."""
