.PHONY: setup demo test check requirements clean
bin := .venv/bin

setup:
	@bin/setup

demo: setup
	@$(bin)/bybaand demo

test: setup
	@$(bin)/python -m pytest -q

check: setup
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports

requirements:  ## names, versions and hashes only, never addresses
	printf 'torch ; python_version < "3"\n' > .torch-apart
	uv pip compile requirements.in --universal --python-version 3.11 --override .torch-apart --generate-hashes \
	  --no-header --no-annotate --quiet --output-file requirements.txt; rm .torch-apart

clean:
	rm -rf .venv data demo-data
