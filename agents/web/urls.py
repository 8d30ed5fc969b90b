"""Addresses of log-in and people."""

from django.urls import path

from agents.web.views import entrance, people, places, roster, users

app_name = "agents"
urlpatterns = [
    path("setup/", entrance.set_up, name="set_up"),
    path("me/settings/", entrance.own_settings, name="settings"),
    path("me/language/", entrance.language, name="language"),
    # An e-mail address is kept by HR; these pages of the log-in library are not used.
    path("accounts/email/", entrance.closed),
    path("accounts/confirm-email/", entrance.closed),
    path("accounts/confirm-email/<str:key>/", entrance.closed),
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/import/", roster.people_import, name="people_import"),
    path("people/import/file/", roster.people_file, name="people_file"),
    path("people/import/template.<str:kind>", roster.people_template, name="people_template"),
    path("people/<int:agent_id>/", people.person, name="person"),
    path("people/<int:agent_id>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:agent_id>/move/", people.person_move, name="person_move"),
    path("people/<int:agent_id>/place/", people.person_place, name="person_place"),
    path("people/<int:agent_id>/end/", people.person_end, name="person_end"),
    path("people/<int:agent_id>/aliases/new/", people.alias_new, name="alias_new"),
    path(
        "people/<int:agent_id>/aliases/<int:alias_id>/remove/",
        people.alias_remove,
        name="alias_remove",
    ),
    path("teams/", places.teams, name="teams"),
    path("teams/new/", places.team_new, name="team_new"),
    path("teams/<int:team_id>/rename/", places.team_rename, name="team_rename"),
    path("teams/<int:team_id>/leaders/new/", places.leader_new, name="leader_new"),
    path("leaderships/<int:leadership_id>/end/", places.leader_end, name="leader_end"),
    path("positions/", places.positions, name="positions"),
    path("positions/new/", places.position_new, name="position_new"),
    path("positions/<int:position_id>/rename/", places.position_rename, name="position_rename"),
    path("shifts/", places.shifts, name="shifts"),
    path("shifts/new/", places.shift_new, name="shift_new"),
    path("shifts/<int:shift_id>/rename/", places.shift_rename, name="shift_rename"),
    path("users/", users.users, name="users"),
    path("users/new/", users.user_new, name="user_new"),
    path("users/<int:user_id>/", users.user, name="user"),
    path("users/<int:user_id>/roles/", users.user_roles, name="user_roles"),
    path("users/<int:user_id>/switch/", users.user_switch, name="user_switch"),
    path("users/<int:user_id>/password/", users.user_password, name="user_password"),
]
