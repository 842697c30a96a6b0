"""Arrays in, estimates out: intervals, metrics, prevalence and drift; knows no model."""
