"""Addresses of log-in and people."""

from django.urls import path

from agents.web.views import entrance

app_name = "agents"
urlpatterns = [
    path("setup/", entrance.set_up, name="set_up"),
    path("me/settings/", entrance.own_settings, name="settings"),
    path("me/language/", entrance.language, name="language"),
]
