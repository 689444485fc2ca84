"""The web application: pages over views and folds; every change goes through the application."""
