from almanac import app


def test_light():
    assert app.test_client().get("/light/heligoland").status_code == 200
