from fastapi.testclient import TestClient

from glasshouse.api import app


def test_a_reading_is_kept():
    client = TestClient(app)
    client.post("/houses/tomatoes", data={"celsius": "21.5"})
    assert client.get("/houses/tomatoes").json() == 21.5
