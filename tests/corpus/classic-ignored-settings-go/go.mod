module example.org/birds/curlew

go 1.22
