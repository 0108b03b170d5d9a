from setuptools import find_packages, setup

setup(
    name="bellows",
    version="3.0.4",
    packages=find_packages(exclude=["tests"]),
    install_requires=["redis", "tenacity"],
    entry_points={
        "console_scripts": [
            "bellows-push = bellows.push:main",
            "bellowsd = bellows.daemon:main",
        ],
    },
)
