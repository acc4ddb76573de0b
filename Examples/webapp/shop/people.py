"""Who has an account here, and their passwords: the first factor. Words and time are the
same whether an address is known or not."""

import hashlib
import hmac
import secrets

# OWASP's figures for scrypt: 16 MiB, about 0.2 s.
COST = (2**14, 8, 5)


def add(connection, email, name, password, cost=COST):
    """A new account. Its id is drawn at random: it is never another person's, even after both
    e-mail address and name have changed hands."""
    person = secrets.token_hex(16)
    connection.execute(
        "INSERT INTO person (id, email, name, password) VALUES (?, ?, ?, ?)",
        (person, email, name, hash_of(password, cost)),
    )
    return person


def get(connection, person):
    return connection.execute("SELECT * FROM person WHERE id = ?", (person,)).fetchone()


def with_email(connection, email):
    return connection.execute("SELECT * FROM person WHERE email = ?", (email,)).fetchone()


def with_password(connection, email, password):
    """The person whose address and password these are, or None."""
    person = with_email(connection, email)
    # Nobody's password costs as much to compare.
    is_right = is_password(password, person["password"] if person else NOBODYS)
    return person if person and is_right else None


def set_password(connection, person, password):
    connection.execute(
        "UPDATE person SET password = ? WHERE id = ?", (hash_of(password), person))


def hash_of(password, cost=COST):
    salt = secrets.token_bytes(16)
    return "$".join(["scrypt", *map(str, cost), salt.hex(), scrypt(password, salt, cost).hex()])


def is_password(password, kept):
    _, n, r, p, salt, expected = kept.split("$")
    actual = scrypt(password, bytes.fromhex(salt), (int(n), int(r), int(p)))
    return hmac.compare_digest(actual, bytes.fromhex(expected))


def scrypt(password, salt, cost):
    n, r, p = cost
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=64 << 20, dklen=32)


NOBODYS = hash_of(secrets.token_hex(16))
