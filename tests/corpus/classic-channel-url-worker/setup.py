from setuptools import setup

setup(
    name="sparrow-post",
    version="3.1",
    packages=["sparrowpost"],
    install_requires=["redis"],
    entry_points={"console_scripts": ["sparrowpost = sparrowpost.consume:main"]},
)
