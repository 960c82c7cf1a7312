batch_parts = 배치의 부분
