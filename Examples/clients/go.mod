module example.org/totpd

go 1.19
