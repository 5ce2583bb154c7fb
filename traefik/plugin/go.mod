module github.com/fp-platform/wake

go 1.22
