"""The commands visits, subscriptions and deliveries."""
