"""Addresses of the home page."""

from django.urls import path

from feedback.web import home

app_name = "feedback"
urlpatterns = [path("", home.home, name="home")]
