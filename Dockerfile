# Two stages: the first installs, the second runs as a user without rights.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/requirements.txt

FROM python:3.11-slim-bookworm
# Uploads pass through TMPDIR: on the disk of the volume, not in the memory behind /tmp.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=appraisal.settings.prod \
    APPRAISAL_VAR=/var/lib/appraisal \
    APPRAISAL_STATIC_ROOT=/app/static-built \
    TMPDIR=/var/lib/appraisal/tmp
RUN groupadd --gid 10001 appraisal \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/appraisal appraisal \
    && install -d -o appraisal -g appraisal -m 0700 /var/lib/appraisal /var/lib/appraisal/tmp
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY . .
# Collecting needs settings that load, not the real secrets.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    APPRAISAL_CUSTOMER_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    ALLOWED_HOSTS=build.invalid DATABASE_URL=postgres://nobody@127.0.0.1:1/none \
    python manage.py collectstatic --no-input
USER appraisal
VOLUME /var/lib/appraisal
EXPOSE 8000
# More by GUNICORN_CMD_ARGS, for example "--workers 4".
CMD ["gunicorn", "appraisal.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--timeout", "120", "--worker-tmp-dir", "/dev/shm", \
     "--access-logfile", "-", "--no-control-socket"]
