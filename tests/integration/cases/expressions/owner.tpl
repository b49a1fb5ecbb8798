${team ~}

