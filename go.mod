module github.com/lbsup/lbsup

go 1.26.8
