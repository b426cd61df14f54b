"""The columns and values in other programs' lists of subscribers."""

from __future__ import annotations

#: A subscriber's states, from the mildest to the strictest.
STATES = ("active", "unconfirmed", "unsubscribed", "suppressed")

#: How a column, or a part of the name, is spelled; compared without case, spaces, "-" and "_".
SPELLINGS = {
    "email": "email",
    "emailaddress": "email",
    "mail": "email",
    "subscriberemail": "email",
    "emailadresse": "email",
    "adresseemail": "email",
    "courriel": "email",
    "correo": "email",
    "correoelectrónico": "email",
    "correoelectronico": "email",
    "name": "name",
    "fullname": "name",
    "displayname": "name",
    "firstname": "first",
    "givenname": "first",
    "vorname": "first",
    "prénom": "first",
    "prenom": "first",
    "nombre": "first",
    "lastname": "last",
    "surname": "last",
    "familyname": "last",
    "nachname": "last",
    "nom": "last",
    "apellido": "last",
    "apellidos": "last",
    "state": "state",
    "status": "state",
    "addedat": "added_at",
    "tags": "tags",
    "labels": "tags",
    "plain": "plain",
    "plaintext": "plain",
    "textonly": "plain",
    "confirmedat": "confirmed_at",
    "confirmtime": "confirmed_at",
    "consent": "consent",
    # Columns that say that somebody left. Mailchimp writes a file for each state, without such a column.
    "unsubtime": "left_at",
    "unsubscribedat": "left_at",
    "unsubscribedate": "left_at",
    "unsubscriptiondate": "left_at",
    "cleantime": "gone_at",
    "emaildisabled": "is_off",  # Substack
    "subscribedtoemails": "is_on",  # Ghost
    "type": "type",  # Buttondown, and what anybody may call anything
}

#: Words for a state.
STATE_WORDS = {
    **{state: state for state in STATES},
    "": "active",
    "subscribed": "active",
    "enabled": "active",
    "confirmed": "active",
    "pending": "unconfirmed",
    "unactivated": "unconfirmed",
    "inactive": "unsubscribed",
    "removed": "unsubscribed",
    "cleaned": "suppressed",
    "bounced": "suppressed",
    "undeliverable": "suppressed",
    "complained": "suppressed",
    "blocked": "suppressed",
    "blocklisted": "suppressed",
    "disabled": "suppressed",
}

#: What a cell says for yes and no.
YES, NO = ("yes", "true", "1"), ("no", "false", "0")

#: What a cell says for plain-text mails.
PLAIN_WORDS = {
    **dict.fromkeys((*YES, "text", "plain"), True),
    **dict.fromkeys(("", *NO, "html", "both"), False),
}
